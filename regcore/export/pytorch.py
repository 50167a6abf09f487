"""The same run in PyTorch, as source: for a notebook, and as a script of its own."""

import textwrap
from typing import NamedTuple

from regcore.export import numpy_code, preparation
from regcore.export.recipe import Recipe
from regcore.export.train_lines import ORDER
from regcore.lesson import init_params
from regcore.source import without


class Torch(NamedTuple):
    """The pieces of the source, in order; a piece that the run does not need is ""."""

    numbers: str
    seed: str
    model: str
    start: str
    loss: str
    optimizer: str
    evaluation: str
    before: str
    batches: str
    step: str
    record: str
    watch: str
    after: str


NUMBERS = """# PyTorch's own default is float32: about 7 digits, with which a long run drifts.
torch.set_default_dtype(torch.float64)
data = {
    name: (torch.tensor(X), torch.tensor(y))
    for name, (X, y) in parts.items()
}"""
SEED = "torch.manual_seed({seed})  # other masks than NumPy's: the losses agree on average only"
START = """# PyTorch draws its own starting weights (uniform, and the biases too). For the
# same run ours are copied; nn.Linear keeps a weight as (outputs, inputs).
linears = [m for m in model if type(m) is nn.Linear]
with torch.no_grad():
    for linear, W, b in zip(linears, weights, biases):
        linear.weight.copy_(torch.tensor(W.T))
        linear.bias.copy_(torch.tensor(b[0]))"""
LOSS = """# Takes logits, not probabilities: after a sigmoid it would apply a second one.
loss_of = nn.BCEWithLogitsLoss()"""
DECAY = """# Two groups: weight_decay would also shrink the biases, and the lesson leaves
# them out. (AdamW's weight_decay is not L2: it shrinks the weights
# directly, not through the gradient.)
optimizer = torch.optim.SGD(
    [
        {{
            "params": [m.weight for m in linears],
            "weight_decay": {l2!r},
        }},
        {{"params": [m.bias for m in linears]}},
    ],
    lr={lr!r},{momentum}
)"""
PLAIN = "optimizer = torch.optim.SGD(model.parameters(), lr={lr!r}{momentum})"
EVALUATION = """def losses():
    model.eval()  # evaluation mode{mode}
    with torch.no_grad():
        return {{
            name: loss_of(model(X), y).item()
            for name, (X, y) in data.items()
        }}"""
BEFORE = """X_train, y_train = data["training"]
history = [losses()]"""
BATCHES = """    cuts = range({size}, {n}, {size})
    for rows in np.split(order.permutation({n}), cuts):
        rows = torch.from_numpy(rows)"""
STEP = """model.train()  # training mode{mode}
optimizer.zero_grad()  # or the gradients add up
loss_of(model(X_train{rows}), y_train{rows}).backward()
optimizer.step()"""
RECORD = "    history.append(losses())"
KEPT = """
best, waited = history[0]["validation"], 0
kept = copy.deepcopy(model.state_dict())"""
WATCH = """    if history[-1]["validation"] < best{beyond}:
        best, waited = history[-1]["validation"], 0
        # without a copy the kept weights would train on
        kept = copy.deepcopy(model.state_dict())
    else:
        waited += 1
    if waited >= {patience}:
        break"""
RESTORE = "model.load_state_dict(kept)  # not the last weights"


def torch_of(recipe: Recipe) -> Torch:
    """The pieces of the source for this run."""
    config, size = recipe.config, recipe.batch_size
    drops, patience = recipe.has_dropout, config.patience
    beyond = f" - {config.min_delta!r}" if config.min_delta else ""
    before = BEFORE + KEPT * bool(patience)
    if size is not None:
        before += "\n" + ORDER.replace("seed", str(config.seed))
    step = STEP.format(mode=": dropout is on" * drops, rows="[rows]" * (size is not None))
    return Torch(
        numbers=NUMBERS,
        seed=SEED.format(seed=config.seed) if drops else "",
        model=_model(recipe),
        start=START,
        loss=LOSS,
        optimizer=_optimizer(recipe),
        evaluation=EVALUATION.format(mode=": dropout is off" * drops),
        before=before,
        batches="" if size is None else BATCHES.format(size=size, n=len(recipe.split.train)),
        step=textwrap.indent(step, "    " if size is None else "        "),
        record=RECORD,
        watch=WATCH.format(beyond=beyond, patience=patience) if patience else "",
        after=RESTORE if patience else "",
    )


def _model(recipe: Recipe) -> str:
    *hidden, last = zip(recipe.sizes, recipe.sizes[1:], strict=False)
    drop = f"    nn.Dropout({recipe.config.dropout!r}),  # the share that it drops"
    layers = []
    for width, units in hidden:
        layers += [f"    nn.Linear({width}, {units}),", "    nn.ReLU(),"]
        layers += [drop] * recipe.has_dropout
    layers.append(f"    nn.Linear({last[0]}, 1),  # logits: no sigmoid here")
    return "\n".join(["model = nn.Sequential(", *layers, ")"])


def _optimizer(recipe: Recipe) -> str:
    config = recipe.config
    momentum = f"momentum={config.momentum!r}" if config.momentum else ""
    if not config.l2:
        return PLAIN.format(lr=config.lr, momentum=f", {momentum}" * bool(momentum))
    momentum = f"\n    {momentum}," * bool(momentum)
    return DECAY.format(l2=config.l2, lr=config.lr, momentum=momentum)


def start(recipe: Recipe) -> str:
    """Our starting weights, which both runs share."""
    if recipe.is_deep:
        return f"weights, biases = init_params({list(recipe.sizes)}, seed={recipe.config.seed})"
    features, units, _ = recipe.sizes
    return (
        f"W1, b1, W2, b2 = init_params({features}, {units}, seed={recipe.config.seed})\n"
        "weights, biases = [W1, W2], [b1, b2]"
    )


def body(recipe: Recipe) -> str:
    """From the model to the trained model; needs `parts` and `init_params`."""
    piece = torch_of(recipe)
    ready = [piece.numbers, start(recipe), piece.seed, piece.model, piece.start]
    ready += [piece.loss, piece.optimizer]
    loop = [piece.before, f"for _ in range({recipe.epochs}):", piece.batches, piece.step]
    loop += [piece.record, piece.watch, piece.after]
    return "\n\n\n".join("\n".join(filter(None, p)) for p in (ready, [piece.evaluation], loop))


TORCH_IMPORTS = ("import torch", "from torch import nn")
SCRIPT = '''"""Trains one run of Regularization Lab again, in PyTorch. It needs no other file.

{exactness}
"""

{imports}

NAME = {name!r}
{inside}{source}

{preparation}


{init}


{body}
{sealed}
scores = {{}}
for name, (inputs, labels) in data.items():
    model.eval()
    with torch.no_grad():
        logits = model(inputs)
        right = (logits > 0) == (labels > 0.5)
        accuracy = right.double().mean().item()
        scores[name] = {{"loss": loss_of(logits, labels).item(), "accuracy": accuracy}}
print(NAME, "after", len(history) - 1, "epochs")
print(pd.DataFrame(scores).T.round(3))
'''
SEALED = """
OPEN_THE_TEST_SET = False  # set it to True once, when you have chosen
if OPEN_THE_TEST_SET:
    data["test"] = tuple(map(torch.tensor, part(test)))
"""
ON_AVERAGE = "PyTorch draws other masks of dropout, so only the mean over many seeds can agree."


def script(recipe: Recipe) -> str:
    """A script that trains this run in PyTorch, and needs no file of this project."""
    inside = recipe.source.inside
    standard = ["import copy"] if recipe.config.patience else []
    return SCRIPT.format(
        exactness=ON_AVERAGE if recipe.has_dropout else recipe.exactness,
        imports=preparation.imports(recipe, standard, TORCH_IMPORTS),
        name=recipe.name,
        inside=f"{inside}\n" if inside else "",
        source=recipe.source.code,
        preparation=preparation.preparation(recipe),
        init=numpy_code.DEEP_INIT if recipe.is_deep else without(init_params, "checks"),
        body=body(recipe),
        sealed=SEALED if recipe.sealed else "",
    )
