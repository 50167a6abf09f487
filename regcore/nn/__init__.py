"""The network: its parameters, forward pass, loss, gradients, regularizers and dropout."""
