"""Tables as text, HTML and LaTeX."""

from autodiff.words.notation import BAR, DOT
from autodiff.words.typeset import WIDTH, Column, Sides, Table, clipped, fitted, html_row, padded, shortened, width_of


def test_columns_stand_at_their_side_and_are_as_wide_as_their_widest_cell():
    table = Table([Column("name", gap=0), Column("count", ">"), Column("")], [("a", "1", "x"), ("longer", "200", "")])
    assert table.lines() == ["name    count   ", "a           1  x", "longer    200   "]


def test_what_is_too_long_for_a_given_width_reaches_over_it():
    columns = [Column("a", gap=0), Column("b", ">", width=3, gap=1), Column("c", width=0)]
    assert Table(columns, [("x", "12345", "end"), ("y", "1", "e")]).lines() == ["a   b  c", "x 12345  end", "y   1  e"]


def test_a_table_without_rows_is_its_headings():
    table = Table([Column("a", gap=0), Column("b")], [])
    assert table.lines() == ["a  b"]
    assert table.html() == '<table class="autodiff"><tr><th>a</th><th>b</th></tr></table>'


def test_an_accent_takes_no_width():
    dotted, barred = f"v{DOT}₁", f"v{BAR}₁"
    assert width_of(dotted) == width_of(barred) == 2
    assert padded(dotted, 4) == f"{dotted}  "
    assert padded(barred, 4, ">") == f"  {barred}"
    assert clipped(dotted, 2) == dotted
    assert clipped(f"{dotted} × {barred}", 4) == f"{dotted} …"


def test_cells_are_only_text_in_html():
    assert html_row(["<b>", "a & b"]) == "<tr><td>&lt;b&gt;</td><td>a &amp; b</td></tr>"
    assert html_row(["a"], "th", 'colspan="3"') == '<tr><th colspan="3">a</th></tr>'


def test_the_value_of_a_row_is_never_cut():
    wide, narrow = fitted([("n" * 90, "m" * 90, "= 12.5"), ("v", "", "= 1")])
    assert len(wide) == WIDTH
    assert wide.count("…") == 2
    assert wide.endswith("…  = 12.5")
    assert narrow.endswith("  = 1")
    assert len(narrow) == WIDTH - 3


ONE, TWO = [("a", "", "= 1"), ("", "", "")], [("b", "", "= 2"), ("c", "", "= 3")]


def test_sides_stand_line_by_line():
    lines = ["P ↓      │ T ↓", "a    = 1 │ b    = 2", "         │ c    = 3"]
    assert Sides(("P ↓", "T ↓"), ONE, TWO).text().splitlines() == lines


def test_sides_without_room_beside_each_other_stand_below():
    wide = [("b" * 90, "", "= 2"), ("", "", "")]
    assert Sides(("P ↓", "T ↓"), ONE, wide).text().splitlines() == ["P ↓", "a    = 1", "", "T ↓", "b" * 90 + "    = 2"]


def test_sides_in_latex_are_one_array_or_a_table_of_many_pages():
    sides = Sides(("P ↓", "T ↓"), ONE, TWO)
    text = sides.array().splitlines()
    assert text[0] == r"\begin{array}{lll|lll}"
    assert text[2:] == [r"a &  & = 1 & b &  & = 2 \\", r" &  &  & c &  & = 3 \\", r"\end{array}"]
    long = sides.longtable().splitlines()
    assert (long[0], long[-1]) == (r"\begin{longtable}{lll|lll}", r"\end{longtable}")
    assert long[1].endswith(r"\\ \hline \endhead")
    assert long[3] == r" &  &  & $\displaystyle c$ &  & $\displaystyle = 3$ \\"


def test_what_is_cut_for_a_picture_is_visible_and_in_one_line():
    assert shortened("a\tb\x00", 10) == "a b\ufffd"
    assert shortened("  ") == "␣"
    assert shortened("w" * 41) == "w" * 39 + "…"
