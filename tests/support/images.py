"""What a picture shows: the probabilities of a surface, and the contrast of two colors."""

from base64 import b64decode
from io import BytesIO

import numpy as np
from PIL import Image

from regcore.checks import Array


def probabilities(address: str) -> Array:
    """The probabilities in the image of a surface, from its top row down."""
    _, _, data = address.partition("base64,")
    return np.asarray(Image.open(BytesIO(b64decode(data)))) / 255


def contrast(one: str, other: str) -> float:
    """The contrast of two colors by WCAG 2.2, from 1 to 21."""
    light, dark = sorted(map(_luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    c = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
