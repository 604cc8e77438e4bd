"""The names that Keras takes for activations, losses and metrics, and a student's head read with care, for kata 14.

A name counts as Keras spells it: "binary_crossentropy" and "BinaryCrossentropy" are known, "binary_cross_entropy" and
"Sigmoid" stop compile. tests/test_heads.py asks Keras itself.
"""

from typing import Any

from grader import expect

ACTIVATIONS = (
    "linear sigmoid softmax relu tanh elu selu gelu silu swish softplus softsign exponential leaky_relu relu6 "
    "hard_sigmoid log_softmax log_sigmoid mish celu hard_silu hard_swish hard_tanh"
)
LOSSES = {
    # The focal ones read the same outputs and labels; they weigh the sure rows less.
    "binary": "binary_crossentropy BinaryCrossentropy bce BCE binary_focal_crossentropy BinaryFocalCrossentropy",
    "categorical": "categorical_crossentropy CategoricalCrossentropy categorical_focal_crossentropy "
    "CategoricalFocalCrossentropy",
    "sparse": "sparse_categorical_crossentropy SparseCategoricalCrossentropy",
    "distance": "mse MSE mean_squared_error MeanSquaredError mae MAE mean_absolute_error MeanAbsoluteError "
    "huber Huber log_cosh LogCosh",
    "ratio": "mape MAPE mean_absolute_percentage_error MeanAbsolutePercentageError "
    "msle MSLE mean_squared_logarithmic_error MeanSquaredLogarithmicError",
    "other": "hinge Hinge squared_hinge SquaredHinge categorical_hinge CategoricalHinge poisson Poisson kld KLD "
    "kl_divergence KLDivergence cosine_similarity CosineSimilarity ctc CTC dice Dice tversky Tversky circle Circle",
}
METRICS = {
    # Of these two Keras looks at no capitals.
    "any": "accuracy acc Accuracy Acc ACCURACY ACC",
    "binary": "binary_accuracy BinaryAccuracy",
    "categorical": "categorical_accuracy CategoricalAccuracy",
    "sparse": "sparse_categorical_accuracy SparseCategoricalAccuracy",
    "distance": "mse MSE mean_squared_error MeanSquaredError mae MAE mean_absolute_error MeanAbsoluteError "
    "log_cosh_error LogCoshError root_mean_squared_error RootMeanSquaredError r2_score R2Score",
    "ratio": LOSSES["ratio"],
    "one_unit": "auc AUC precision Precision recall Recall f1_score F1Score binary_crossentropy BinaryCrossentropy "
    "bce BCE",
    "other": "top_k_categorical_accuracy TopKCategoricalAccuracy "
    "sparse_top_k_categorical_accuracy SparseTopKCategoricalAccuracy categorical_crossentropy CategoricalCrossentropy "
    "sparse_categorical_crossentropy SparseCategoricalCrossentropy hinge Hinge squared_hinge SquaredHinge poisson "
    "Poisson kl_divergence KLDivergence cosine_similarity CosineSimilarity binary_io_u BinaryIoU",
}


def read_head(answer: Any, shown: dict[str, Any]) -> tuple[float, str, str, str]:
    """Read (units, activation, loss, metric).

    Args:
        answer: what head(task) gave.
        shown: the first line of a message.

    Raises:
        Mismatch: "returned_nothing", "not_a_head", "unknown_word" or "spelt_otherwise".
    """
    if answer is None:
        expect.fail("returned_nothing", **shown)
    if not isinstance(answer, (tuple, list)) or len(answer) != 4:
        expect.fail("not_a_head", **shown)
    units, activation, loss, metric = answer
    if isinstance(metric, (list, tuple)) and len(metric) == 1:  # as in metrics=["accuracy"]
        metric = metric[0]
    activation = "linear" if activation is None else activation
    if not isinstance(units, (int, float)) or not all(isinstance(word, str) for word in (activation, loss, metric)):
        expect.fail("not_a_head", **shown)
    kind_of(activation, {"activation": ACTIVATIONS}, place="activation", shown=shown)
    kind_of(loss, LOSSES, place="loss", shown=shown)
    kind_of(metric, METRICS, place="metric", shown=shown)
    return units, activation, loss, metric


def kind_of(word: str, kinds: dict[str, str], *, place: str, shown: dict[str, Any]) -> str:
    """Return the kind whose list has this word, as it is spelt.

    Raises:
        Mismatch: "spelt_otherwise" if only capitals, lines and spaces differ from a name of Keras's, or "unknown_word".
    """
    fitting = [kind for kind, words in kinds.items() if word in words.split()]
    if not fitting:
        known = {_squeeze(name) for words in kinds.values() for name in words.split()}
        tag = "spelt_otherwise" if _squeeze(word) in known else "unknown_word"
        expect.fail(tag, **shown, word=expect.show(word), place=place)
    return fitting[0]


def _squeeze(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())
