"""What graders know of ``initializers/keras/matched_initializer``."""

from autograder.answers.answer import Answer

HE = ("relu", "leaky_relu", "elu", "gelu", "silu", "mish")
GLOROT = ("tanh", "sigmoid", "softmax", "linear")


def plain_matched_initializer(activation):
    if activation in HE:
        return "he_normal"
    return "lecun_normal" if activation == "selu" else "glorot_uniform"


answer = Answer("initializers/keras/matched_initializer", plain_matched_initializer, float32=False)


@answer.cases
def _(rng):
    for activation in (*HE, "selu", *GLOROT):
        yield activation, {"activation": activation}


@answer.mistake("He's 2 makes good for what ReLU and its like cut off; the others don't cut.")
def he_for_everything(activation):
    return "he_normal"


@answer.mistake("Glorot is Keras' default, but ReLU and its like lose half of the signal with it.")
def glorot_for_everything(activation):
    return "glorot_uniform"


@answer.mistake("SELU keeps mean 0 and variance 1 only with a variance of 1 / fan_in: LeCun's.")
def he_for_selu(activation):
    return "he_normal" if activation == "selu" else plain_matched_initializer(activation)


@answer.mistake("The smooth relatives of ReLU are cut off on the left as well: they belong to He.")
def he_only_for_relu(activation):
    if activation in ("elu", "gelu", "silu", "mish"):
        return "glorot_uniform"
    return plain_matched_initializer(activation)


@answer.mistake("Leaky ReLU is a ReLU as far as the scale goes: He.")
def glorot_for_leaky_relu(activation):
    if activation == "leaky_relu":
        return "glorot_uniform"
    return plain_matched_initializer(activation)


@answer.mistake(
    "LeCun and Glorot are swapped: LeCun's belongs to SELU, Glorot's to the saturating functions "
    "and to layers without any."
)
def lecun_and_glorot_swapped(activation):
    name = plain_matched_initializer(activation)
    return {"lecun_normal": "glorot_normal", "glorot_uniform": "lecun_uniform"}.get(name, name)


@answer.mistake("Keras' names say the distribution as well: he_normal or he_uniform, not he.")
def family_alone(activation):
    return plain_matched_initializer(activation).split("_")[0]


@answer.mistake("Those are PyTorch's names; Keras names its initializers after He and Glorot.")
def names_of_pytorch(activation):
    name = plain_matched_initializer(activation)
    return name.replace("he_", "kaiming_").replace("glorot", "xavier")


@answer.variant
def the_other_distributions():
    table = dict.fromkeys(HE, "he_uniform") | dict.fromkeys(GLOROT, "glorot_normal")
    return lambda activation: table.get(activation, "lecun_uniform")


@answer.variant
def names_of_classes():
    def matched_initializer(activation):
        match activation:
            case "selu":
                return "LecunNormal"
            case "tanh" | "sigmoid" | "softmax" | "linear":
                return "GlorotUniform"
        return "HeNormal"

    return matched_initializer
