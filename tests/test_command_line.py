"""The command line: what it prints, the files that it makes, and what it says of input that is wrong."""

import subprocess
import sys

import pytest

from autodiff.__main__ import main

SURVEY = ("ln(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5")


def test_command_line_prints_tables_and_comparisons(capsys):
    assert main(["table", "ln(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5"]) == 0
    out = capsys.readouterr().out
    assert "v₁ = ln v₋₁" in out
    assert "= 1.716" in out
    assert main(["table", "x^2", "x=3", "--mode", "forward", "--digits", "1", "--latex"]) == 0
    assert r"\begin{longtable}" in capsys.readouterr().out
    assert main(["compare", "x1 * x2", "x1=2", "x2=5"]) == 0
    assert "f: ℝ² → ℝ" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["table", "x + z", "x=1"], "'z' has no value"),
        (["table", "ln(x)", "x=-1"], r"log(-1.0): math domain error"),
        (["table", "x", "x"], "'x' is no value: write name=number, such as x1=2"),
        (["table", "x", "x=a"], "'a' is no number"),
        (["compare", "1 + 2"], "1 + 2 has no variable"),
        (["step", "3"], "3 has no variable: there is nothing to differentiate by; write a name in it"),
        (["draw", "pi", "x=1"], "pi has no variable"),
        (["table", "ln(x1) + x2", "x1=2", "x2=1", "x3=1"], "x3 is not in the expression; its names: x1, x2"),
        (["draw", "x", "x=1", "-p"], "'-p' is no value"),
    ],
)
def test_command_line_errors_go_to_stderr(arguments, message, capsys):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_module_runs_and_helps():
    run = subprocess.run([sys.executable, "-m", "autodiff", "--help"], capture_output=True, text=True, check=True)
    assert "table     print its evaluation trace" in run.stdout


def test_command_line_takes_a_leading_minus_and_refuses_a_name_given_twice(capsys):
    assert main(["table", "-x", "x=2"]) == 0
    assert "v₁ = −v₀" in capsys.readouterr().out
    assert main(["table", "x", "x=2", "x=3"]) == 2
    assert "x is given twice" in capsys.readouterr().err
    assert main(["table", "µ*2", "µ=2"]) == 0


def test_an_error_names_no_line_of_this_package():
    command = [sys.executable, "-m", "autodiff", "table", "ln(x1)", "x1=-2"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (2, "python -m autodiff: log(-2.0): math domain error\n")


@pytest.mark.parametrize("command", ["table", "compare", "draw", "step"])
def test_each_command_helps_with_an_example_of_its_own_which_runs(command, capsys, tmp_path, monkeypatch):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    example = " ".join(capsys.readouterr().out.partition("example: python -m autodiff ")[2].split())
    before, expression, after = example.split('"')
    assert before == f"{command} "
    monkeypatch.chdir(tmp_path)
    assert main([command, expression, *after.split()]) == 0


# Files


@pytest.mark.parametrize(
    ("command", "file", "begins"), [("draw", "drawing.svg", "<svg"), ("step", "steps.html", "<!doctype html>")]
)
def test_a_picture_and_a_page_have_names_by_default(command, file, begins, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([command, *SURVEY]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert text.lower().startswith(begins)
    assert "x₁" in text
    assert "11.6521" in text or "11.65207" in text


@pytest.mark.parametrize("command", ["draw", "step"])
@pytest.mark.parametrize("form", [["-o", "{}"], ["-o{}"], ["--output", "{}"], ["--output={}"]])
def test_a_file_is_named_apart_or_attached(command, form, capsys, tmp_path):
    path = tmp_path / "new" / f"made{'.svg' if command == 'draw' else '.html'}"
    assert main([command, *SURVEY, *(part.format(path) for part in form)]) == 0
    assert path.is_file()
    assert capsys.readouterr().out == f"{path}\n"


@pytest.mark.parametrize(
    ("command", "file", "message"),
    [
        ("draw", "made.xyz", "a drawing is saved as .svg, .png, .pdf, .dot, .mmd; got"),
        ("draw", "made", "a drawing is saved as"),
        ("step", "made.mp4", "a stepper is saved as .html, .svg, .gif, .png, .pdf; got"),
    ],
)
def test_a_wrong_suffix_is_refused_and_nothing_is_made(command, file, message, capsys, tmp_path):
    assert main([command, *SURVEY, "-o", str(tmp_path / file)]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_minus_and_an_o_may_begin_an_expression(capsys, tmp_path):
    path = tmp_path / "made.dot"
    assert main(["draw", "-omega*2.5", "omega=2", f"-o{path}"]) == 0
    assert "omega" in path.read_text(encoding="utf-8")


def test_digits_and_partials_of_a_drawing(tmp_path):
    path = tmp_path / "made.dot"
    texts = []
    for options in ([], ["--digits", "1"], ["--digits", "8", "--partials"]):
        assert main(["draw", *SURVEY, "-o", str(path), *options]) == 0
        texts.append(path.read_text(encoding="utf-8"))
    default, few, many = texts
    assert "11.6521" in default
    assert "11.7" in few
    assert "11.6521" not in few
    assert "11.65207146" in many
    assert "0.28366219" in many  # cos 5, on an edge
    assert "0.2837" not in default


@pytest.mark.parametrize("digits", ["-1", "17", "two"])
def test_digits_are_few_and_whole(digits, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["step", *SURVEY, "--digits", digits])
    assert "--digits" in capsys.readouterr().err


def test_digits_of_a_page(tmp_path):
    path = tmp_path / "made.html"
    assert main(["step", *SURVEY, "-o", str(path), "--digits", "2"]) == 0
    assert '"digits": 2' in path.read_text(encoding="utf-8")
