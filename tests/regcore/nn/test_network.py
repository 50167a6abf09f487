"""The mathematics of a layered network: gradients, losses, shapes, masks."""

import numpy as np
import pytest

from regcore import checks
from regcore.nn import backprop, dropout, network, parameters, regularizers
from regcore.nn.mask_stream import MaskStream
from tests.support.helpers import assert_agree, plain_logits, small_part, worst

PART = small_part()
L2, P = 0.3, 0.4
DEPTHS = [(), (5,), (5, 4), (4, 3, 3)]


def random_params(hidden_sizes, seed=0):
    """Weights and biases far from zero, so that every term of a gradient shows."""
    rng = np.random.default_rng(seed)
    shapes = parameters.layer_shapes(PART.X.shape[1], hidden_sizes)
    return tuple(rng.standard_normal(shape) for d, h in shapes for shape in ((d, h), (1, h)))


def fixed_masks(hidden_sizes):
    """The masks that `run_forward` draws: in the engine, patients are columns."""
    rng = np.random.default_rng(7)
    return [dropout.dropout_mask(rng, (h, len(PART)), P).T for h in hidden_sizes]


def run_forward(one, dropped, known=False):
    """Run the engine's forward pass, with the masks of `fixed_masks` if dropped."""
    if known or not dropped:
        one.forward()
    if dropped:
        one.forward_with_dropout(MaskStream(np.random.default_rng(7), P), known)


def objective(params, l2, masks):
    A = PART.X
    for level in range(len(params) // 2 - 1):
        A = np.maximum(A @ params[2 * level] + params[2 * level + 1], 0.0)
        A = A if masks is None else A * masks[level]
    z = A @ params[-2] + params[-1]
    data = np.mean(np.logaddexp(0.0, z) - PART.y * z)
    return data + l2 / 2 * sum((W**2).sum() for W in params[::2])


def central_differences(params, l2=0.0, masks=None, eps=1e-5):
    grads = [np.empty_like(p) for p in params]
    for p, grad in zip(params, grads, strict=True):
        for index in np.ndindex(p.shape):
            value = p[index]
            p[index] = value + eps
            above = objective(params, l2, masks)
            p[index] = value - eps
            below = objective(params, l2, masks)
            p[index] = value
            grad[index] = (above - below) / (2 * eps)
    return grads


@pytest.mark.parametrize("dropout", [False, True])
@pytest.mark.parametrize("l2", [0.0, L2])
@pytest.mark.parametrize("hidden_sizes", DEPTHS)
def test_gradients_agree_with_central_differences(hidden_sizes, l2, dropout):
    params = random_params(hidden_sizes)
    masks = fixed_masks(hidden_sizes) if dropout else None
    ours = network.gradients(PART.X, PART.y, params, l2, masks)
    assert_agree(ours, central_differences(params, l2, masks), 1e-8)


def engine_gradients(params, l2, dropped, known):
    """The gradients of the pass that trains, in buffers that are allocated once."""
    shapes = [W.shape for W in params[::2]]
    theta, grad = parameters.flatten(params), np.empty(sum(p.size for p in params))
    one = backprop.TrainingPass(
        parameters.blocks_of(theta, shapes), len(PART), parameters.blocks_of(grad, shapes)
    )
    one.A[0][:] = backprop.as_columns(PART.X)
    run_forward(one, dropped, known)
    one.backward(PART.y[:, 0])
    regularizers.L2(l2, parameters.weight_mask(shapes)).add_gradient(grad, theta)
    return parameters.params_of(grad, shapes)


@pytest.mark.parametrize(("dropped", "known"), [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("hidden_sizes", DEPTHS)
def test_the_pass_that_trains_agrees_with_the_textbook(hidden_sizes, dropped, known):
    params, masks = random_params(hidden_sizes), fixed_masks(hidden_sizes) if dropped else None
    textbook = network.gradients(PART.X, PART.y, params, L2, masks)
    assert_agree(engine_gradients(params, L2, dropped, known), textbook, 1e-14)


@pytest.mark.parametrize("wrong", [-L2, 2 * L2, 0.0], ids=["wrong sign", "doubled", "missing"])
@pytest.mark.parametrize("hidden_sizes", DEPTHS)
def test_central_differences_show_a_wrong_penalty(hidden_sizes, wrong):
    params = random_params(hidden_sizes)
    mistaken = network.gradients(PART.X, PART.y, params, wrong)
    assert worst(mistaken, central_differences(params, L2))[0] > 1e-3


@pytest.mark.parametrize("hidden_sizes", DEPTHS[1:])
def test_central_differences_show_a_penalty_on_biases(hidden_sizes):
    params = random_params(hidden_sizes)
    mistaken = list(network.gradients(PART.X, PART.y, params, L2))
    mistaken[1] = mistaken[1] + L2 * params[1]
    difference, place = worst(mistaken, central_differences(params, L2))
    assert difference > 1e-3
    assert place.startswith("b1[")


def gradients_without_masks_in_the_backward_pass(params):
    """The gradient of a TrainingPass whose gates hold relu'(Z) without the mask."""
    shapes = [W.shape for W in params[::2]]
    grad = np.empty(sum(p.size for p in params))
    blocks = parameters.blocks_of(parameters.flatten(params), shapes)
    training_pass = backprop.TrainingPass(blocks, len(PART), parameters.blocks_of(grad, shapes))
    training_pass.A[0][:] = backprop.as_columns(PART.X)
    run_forward(training_pass, dropped=True)
    for gate, W, b, A in zip(
        training_pass.gates, params[::2], params[1::2], training_pass.A, strict=False
    ):
        gate.S[:] = W.T @ A[:-1] + b.T > 0
    training_pass.backward(PART.y[:, 0])
    return parameters.params_of(grad, shapes)


@pytest.mark.parametrize("hidden_sizes", DEPTHS[1:])
def test_central_differences_show_a_missing_mask_in_backpropagation(hidden_sizes):
    params, masks = random_params(hidden_sizes), fixed_masks(hidden_sizes)
    mistaken = gradients_without_masks_in_the_backward_pass(params)
    assert worst(mistaken, central_differences(params, masks=masks))[0] > 1e-3


@pytest.mark.parametrize("l2", [0.0, L2])
@pytest.mark.parametrize("hidden_sizes", DEPTHS)
def test_the_objective_is_mean_cross_entropy_and_penalty(hidden_sizes, l2):
    params = random_params(hidden_sizes)
    result = network.objective(PART.X, PART.y, params, l2)
    assert result == pytest.approx(objective(params, l2, None), rel=1e-14)


@pytest.mark.parametrize("l2", [0.0, L2])
@pytest.mark.parametrize("hidden_sizes", DEPTHS)
def test_every_slope_agrees_with_the_gradient(hidden_sizes, l2):
    params = random_params(hidden_sizes)
    grads = network.gradients(PART.X, PART.y, params, l2)
    for layer, dW in enumerate(grads[::2]):
        for row, column in np.ndindex(dW.shape):
            slope = network.slope(PART.X, PART.y, params, layer, row, column, l2)
            assert abs(slope - dW[row, column]) < 1e-8, f"dW{layer + 1}[{row}, {column}]"


def test_a_slope_leaves_the_weights_alone():
    params = parameters.init_params(3, (5,), seed=1)
    checks.freeze(*params)
    network.slope(PART.X, PART.y, params, 0, 2, 4)
    assert_agree(params, parameters.init_params(3, (5,), seed=1), 0.0)


def test_a_wider_step_is_less_exact():
    def error(step):
        slope = network.slope(PART.X, PART.y, params, 0, 0, 0, step=step)
        return abs(slope - network.gradients(PART.X, PART.y, params)[0][0, 0])

    params = random_params(())
    assert error(1e-5) < 1e-8 < error(0.1)


@pytest.mark.parametrize("place", [(2, 0, 0), (-1, 0, 0), (0, 3, 0), (0, -1, 0), (1, 4, 1)])
def test_a_slope_by_a_nonexistent_weight_is_rejected(place):
    params = random_params((5,))
    with pytest.raises(IndexError, match="does not exist; the weights have the shapes") as info:
        network.slope(PART.X, PART.y, params, *place)
    layer, row, column = place
    assert f"W[{layer}][{row}, {column}]" in str(info.value)


@pytest.mark.parametrize("step", [0.0, -1e-5, np.nan, np.inf])
def test_an_invalid_step_is_rejected(step):
    with pytest.raises(ValueError, match=r"step is .*; it must be above 0 and finite"):
        network.slope(PART.X, PART.y, random_params(()), 0, 0, 0, step=step)


def test_labels_that_are_not_a_column_are_rejected():
    params = random_params(())
    with pytest.raises(ValueError, match=r"y has shape \(20,\); it must be a column, \(20, 1\)"):
        network.objective(PART.X, PART.y[:, 0], params)


def test_logits_and_sigmoid_are_the_forward_pass():
    params = random_params((5, 4))
    z = network.logits(PART.X, params)
    np.testing.assert_allclose(z, plain_logits(PART.X, params), rtol=0, atol=1e-14)
    assert network.sigmoid(np.array([0.0, -1000.0, 1000.0])).tolist() == [0.5, 0.0, 1.0]


@pytest.mark.parametrize(
    ("z", "y", "loss"),
    [
        (0.0, 0, np.log(2)),
        (40.0, 0, 40.0),  # a clipped probability gives 27.6
        (-40.0, 1, 40.0),
        (40.0, 1, np.exp(-40)),
        (-40.0, 0, np.exp(-40)),
        (1000.0, 0, 1000.0),
        (-1000.0, 1, 1000.0),
        (1000.0, 1, 0.0),
        (-1000.0, 0, 0.0),
    ],
)
def test_cross_entropy_is_exact_for_large_logits(z, y, loss):
    result = network.cross_entropy(np.array([z]), np.array([float(y)])).item()
    assert result == pytest.approx(loss, rel=1e-15, abs=0)


def test_cross_entropy_is_minus_the_log_probability_of_the_label():
    z = np.linspace(-20, 20, 401)
    for y, truth in ((1.0, 1 / (1 + np.exp(-z))), (0.0, 1 / (1 + np.exp(z)))):
        losses = network.cross_entropy(z, np.full_like(z, y))
        np.testing.assert_allclose(losses, -np.log(truth), rtol=0, atol=1e-14)
        np.testing.assert_allclose(losses, np.logaddexp(0, z) - y * z, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("hidden_sizes", "count"), [((), 9), ((64,), 641), ((4,), 41), ((64, 32), 2689)]
)
def test_parameters_are_counted_with_their_biases(hidden_sizes, count):
    assert parameters.parameter_count(8, hidden_sizes) == count
    assert sum(p.size for p in parameters.init_params(8, hidden_sizes, seed=1)) == count


@pytest.mark.parametrize("hidden_sizes", DEPTHS)
def test_flattening_and_back_changes_nothing(hidden_sizes):
    params = random_params(hidden_sizes)
    shapes = parameters.layer_shapes(PART.X.shape[1], hidden_sizes)
    theta = parameters.flatten(params)
    assert_agree(parameters.params_of(theta, shapes), params, 0.0)
    assert not any(p.flags.writeable for p in parameters.params_of(theta, shapes))


@pytest.mark.parametrize("hidden_sizes", DEPTHS)
def test_weight_mask_is_1_for_weights_and_0_for_biases(hidden_sizes):
    shapes = parameters.layer_shapes(PART.X.shape[1], hidden_sizes)
    mask = parameters.params_of(parameters.weight_mask(shapes), shapes)
    assert all((W == 1.0).all() for W in mask[::2])
    assert all((b == 0.0).all() for b in mask[1::2])


def test_penalty_is_half_lambda_times_squared_weights_without_biases():
    params = (np.array([[1.0, 2.0]]), np.full((1, 2), 9.0), np.array([[3.0], [0.0]]), np.ones(1))
    assert regularizers.l2_penalty(params, 0.1) == pytest.approx(0.7, rel=1e-15)


@pytest.mark.parametrize("p", [0.1, 0.2, 0.5, 0.9])
def test_dropout_mask_drops_with_probability_p_and_has_mean_1(p):
    mask = dropout.dropout_mask(np.random.default_rng(3), (400, 500), p)
    assert set(np.unique(mask)) == {0.0, 1 / (1 - p)}
    standard_error = np.sqrt(p / (1 - p) / mask.size)
    assert abs(mask.mean() - 1) < 4 * standard_error


def test_a_dropout_mask_of_zero_drops_nothing():
    mask = dropout.dropout_mask(np.random.default_rng(3), (4, 5), 0.0)
    assert np.array_equal(mask, np.ones((4, 5)))


@pytest.mark.parametrize("sizes", DEPTHS)
def test_no_step_changes_the_logit_more_than_the_steepest_slope_allows(sizes):
    params, rng = random_params(sizes), np.random.default_rng(3)
    here, there = rng.standard_normal((2, 500, PART.X.shape[1]))
    change = np.abs(network.logits(here, params) - network.logits(there, params))[:, 0]
    bound = parameters.steepest_slope(params)
    assert (change <= bound * np.linalg.norm(here - there, axis=1) + 1e-12).all()
    if not sizes:  # a linear function is as steep as that along its weights
        step = params[0].T / np.linalg.norm(params[0])
        steepest = network.logits(step, params) - network.logits(0 * step, params)
        assert steepest.item() == pytest.approx(bound)


def test_weights_that_are_not_finite_may_be_steep_without_end():
    assert parameters.steepest_slope((np.array([[np.nan]]), np.zeros((1, 1)))) == float("inf")


def test_cross_entropy_in_place_gives_the_same_bits():
    z = np.concatenate([np.random.default_rng(0).normal(0.0, 9.0, 500), [0.0, -0.0, 40.0, 1e308]])
    z, y = np.stack([z, -z]), (np.arange(len(z)) % 2).astype(float)
    out, scratch = np.empty_like(z), np.empty_like(z)
    backprop.write_cross_entropy(z, y, out, scratch)
    np.testing.assert_array_equal(out, network.cross_entropy(z, y))
