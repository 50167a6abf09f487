"""The network: parameters, forward pass, loss, gradients, regularizers and dropout."""
