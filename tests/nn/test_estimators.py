"""MLPClassifier and MLPRegressor: scikit-learn's own checks, pipelines, grid searches, and what training they do."""

import pickle

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_moons
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import nn


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([nn.MLPClassifier(), nn.MLPRegressor()])
def test_scikit_learns_checks(estimator, check):
    check(estimator)


def test_a_pipeline_in_a_grid_search_learns_iris():
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    pipeline = make_pipeline(StandardScaler(), nn.MLPClassifier((8,), max_iter=60, random_state=0))
    search = GridSearchCV(pipeline, {"mlpclassifier__alpha": [1e-4, 1e-2]}, cv=3).fit(X, names)
    assert search.best_score_ > 0.93
    assert set(search.predict(X)) == set(names)
    assert cross_val_score(pipeline, X, names, cv=3).mean() > 0.93


@pytest.mark.parametrize("solver", ["adam", "adamw", "rmsprop", "sgd", "lbfgs", nn.GradientDescent(0.1, 0.9)], ids=str)
def test_every_solver_learns_moons(solver):
    X, y = make_moons(120, noise=0.1, random_state=1)
    found = nn.MLPClassifier((16,), "tanh", solver=solver, learning_rate_init=0.05, random_state=3).fit(X, y)
    assert found.score(X, y) > 0.85
    shares = found.predict_proba(X)
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert ((found.decision_function(X) > 0) == (shares[:, 1] > 0.5)).all()
    assert isinstance(found.model_, nn.MLP)
    assert found.loss_curve_[-1] < found.loss_curve_[0]


def test_a_run_repeats_by_its_random_state_and_after_pickling():
    X, y = make_moons(60, noise=0.1, random_state=1)
    first, again, other = (nn.MLPClassifier(max_iter=20, random_state=i).fit(X, y) for i in (0, 0, 1))
    assert (first.decision_function(X) == again.decision_function(X)).all()
    assert (first.decision_function(X) != other.decision_function(X)).any()
    assert (pickle.loads(pickle.dumps(first)).predict_proba(X) == first.predict_proba(X)).all()


def test_early_stopping_stops():
    X, y = make_moons(200, noise=0.4, random_state=1)
    found = nn.MLPClassifier((32,), max_iter=2000, early_stopping=True, validation_fraction=0.3, random_state=0).fit(
        X, y
    )
    assert found.n_iter_ < 2000
    assert found.history_.stopped.startswith("stopped early")


def test_a_regressor_of_several_targets():
    X = np.linspace(-2, 2, 80)[:, None]
    Y = np.column_stack([np.sin(X[:, 0]), X[:, 0] ** 2])
    found = nn.MLPRegressor((24,), "tanh", solver="lbfgs", max_iter=300, random_state=0).fit(X, Y)
    assert found.predict(X).shape == (80, 2)
    assert found.score(X, Y) > 0.99
    assert nn.MLPRegressor(max_iter=2).fit(X, Y[:, :1]).predict(X).shape == (80, 1)


def test_bad_input():
    with pytest.raises(ValueError, match="no solver 'newton'"):
        nn.MLPClassifier(solver="newton").fit([[0.0], [1.0]], [0, 1])
    with pytest.raises(ValueError, match="one class"):
        nn.MLPClassifier().fit([[0.0], [1.0]], ["a", "a"])
