"""Returns objects that say they are equal to everything."""
# attacks: dense_forward, dense_backward
# %% dense_forward
class Equal:
    shape = (2, 2)
    ndim, size, dtype, kind = 2, 4, float, "array"

    def __eq__(self, other):
        return True

    __le__ = __lt__ = __ge__ = __gt__ = __eq__
    __hash__ = None

    def __sub__(self, other):
        return 0

    __rsub__ = __abs__ = lambda self, *args: 0

    def __array__(self, *args, **kwargs):
        raise AttributeError

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self


def dense_forward(x, W, b):
    return Equal(), Equal()
