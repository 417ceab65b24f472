"""nn.MLPClassifier and nn.MLPRegressor: networks as scikit-learn's estimators, with the names that it gives parameters.

They take part in pipelines, grid searches and cross-validation. What was trained is `model_`, an nn.MLP, and what
happened in training `history_`.
"""

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from copy import deepcopy
from importlib.util import find_spec
from typing import Any, Self, cast

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

import autodiff as ad
from nn.layers import MLP
from nn.losses import binary_cross_entropy, half_squared_error, softmax_cross_entropy
from nn.optimizers import LBFGS, Adam, AdamW, GradientDescent, RMSProp
from nn.training import fit

SOLVERS = {"adam": Adam, "adamw": AdamW, "rmsprop": RMSProp, "sgd": GradientDescent}
BATCH = 32  # examples, by default
PARAMETERS = """

    hidden_layer_sizes  neurons of each hidden layer
    activation          a name in nn.ACTIVATIONS
    solver              "adam", "adamw", "rmsprop", "sgd", "lbfgs", or an optimizer of nn
    alpha               strength of the penalty alpha · Σ p²
    batch_size          examples a step; "auto" for 32, or all where there are fewer (all, for L-BFGS)
    learning_rate_init  α of a solver that is named
    max_iter            epochs; steps of L-BFGS
    early_stopping      set validation_fraction of the examples aside, and stop after n_iter_no_change epochs without a
                        better loss on them
    random_state        of the weights, the batches and the examples set aside
    initialization      a name in nn.INITIALIZATIONS
    verbose             whether a bar shows
    """


class _Network(BaseEstimator):
    """A network with an output for each target."""

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls.__doc__ = f"{cls.__doc__}{PARAMETERS}"

    def __init__(
        self,
        hidden_layer_sizes: Any = (32,),
        activation: str = "relu",
        *,
        solver: Any = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate_init: float = 0.01,
        max_iter: int = 200,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        random_state: Any = None,
        initialization: str = "he",
        verbose: bool = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.random_state = random_state
        self.initialization = initialization
        self.verbose = verbose

    def _train(self, inputs: Any, targets: Any, outputs: int, loss: Any) -> None:
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        optimizer = self._optimizer()
        whole = isinstance(optimizer, LBFGS)
        size = min(BATCH, len(inputs)) if self.batch_size == "auto" else self.batch_size
        sizes = [*np.atleast_1d(self.hidden_layer_sizes).tolist(), outputs]
        self.model_ = MLP(inputs.shape[1], sizes, self.activation, seed, initialization=self.initialization)
        self.history_ = fit(
            self.model_, inputs, targets, loss=loss, optimizer=optimizer, l2=self.alpha, seed=seed,
            batch=None if whole else size, steps=self.max_iter if whole else None,
            epochs=None if whole else self.max_iter, progress=self.verbose,
            validation=self.validation_fraction if self.early_stopping else None,
            patience=self.n_iter_no_change if self.early_stopping else None,
        )  # fmt: skip
        self.n_iter_ = max(1, len(self.history_.loss) // (1 if whole else -(-len(inputs) // size)))
        self.loss_curve_ = self.history_.loss
        self._outputs = ad.compile(_outputs, batch=(None, 0)) if find_spec("llvmlite") else MLP.predict

    def _optimizer(self) -> Any:
        if not isinstance(self.solver, str):
            return deepcopy(self.solver)  # it keeps a state
        if self.solver == "lbfgs":
            return LBFGS()
        if self.solver not in SOLVERS:
            raise ValueError(
                f"no solver {self.solver!r}: choose among {', '.join([*SOLVERS, 'lbfgs'])}, or an optimizer"
            )
        return SOLVERS[self.solver](self.learning_rate_init)

    def _scores(self, X: Any) -> Any:  # noqa: N803 (scikit-learn's name)
        """The outputs on each row."""
        check_is_fitted(self)
        rows = validate_data(self, X, reset=False, dtype=np.float64)
        found: Any = self._outputs(self.model_, rows)
        return (
            np.column_stack(found) if isinstance(found, list) and isinstance(found[0], np.ndarray) else np.array(found)
        )


class MLPClassifier(ClassifierMixin, _Network):
    """A classifier by the cross-entropy of its logits: through a sigmoid for two classes, softmax for more."""

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Train on rows X, of labels y of any kind."""
        rows, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        self.classes_, index = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"a classifier needs two classes at least, got one class: {self.classes_.tolist()}")
        two = len(self.classes_) == 2
        self._train(
            rows, index, 1 if two else len(self.classes_), binary_cross_entropy if two else softmax_cross_entropy
        )
        return self

    def decision_function(self, X: Any) -> Any:  # noqa: N803
        """The logits, of two classes that of the second."""
        return self._scores(X)

    def predict_proba(self, X: Any) -> Any:  # noqa: N803
        """The probability of each class: σ or softmax of the logits."""
        scores = self._scores(X)
        scores = np.column_stack([np.zeros(len(scores)), scores]) if scores.ndim == 1 else scores
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> Any:  # noqa: N803
        """The most likely class of each row."""
        largest = self.predict_proba(X).argmax(axis=1)
        return self.classes_[largest]


class MLPRegressor(RegressorMixin, _Network):
    """A regressor by half of the squared error, of one target for each row, or several."""

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Train on rows X, of targets y."""
        rows, targets = cast(
            "tuple[Any, Any]", validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        )
        self._train(rows, targets, 1 if targets.ndim == 1 else targets.shape[1], half_squared_error)
        self._column = targets.shape[1:] == (1,)
        return self

    def predict(self, X: Any) -> Any:  # noqa: N803
        """The outputs on each row."""
        scores = self._scores(X)
        return scores[:, None] if self._column else scores

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _outputs(model: Any, x: Any) -> Any:
    return model(x)
