"""A right network in NumPy, which the known mistakes and the variants change."""

import itertools

import numpy as np


class PlainNetwork:
    def __init__(self, layer_sizes, activation, initializer, l2, dropout, rng):
        self.layer_sizes = layer_sizes
        self.activation = activation
        self.initializer = initializer
        self.l2 = l2
        self.dropout = dropout
        self.rng = rng
        self.params = [
            (self.first_weights(n, m), np.zeros(m)) for n, m in itertools.pairwise(layer_sizes)
        ]

    def variance(self, fan_in, fan_out):
        return 2 / fan_in if self.initializer == "he_normal" else 2 / (fan_in + fan_out)

    def first_weights(self, fan_in, fan_out):
        return self.rng.normal(0, np.sqrt(self.variance(fan_in, fan_out)), (fan_in, fan_out))

    def act(self, z):
        return np.maximum(z, 0) if self.activation == "relu" else np.tanh(z)

    def slope(self, z):
        return (z > 0).astype(z.dtype) if self.activation == "relu" else 1 - np.tanh(z) ** 2

    def drop(self, h, mask):
        return h * mask / (1 - self.dropout)

    def forward(self, x, masks=None):
        h, cache = x, []
        for layer, (W, b) in enumerate(self.params):
            z = h @ W + b
            hidden = layer < len(self.params) - 1
            mask = masks[layer] if hidden and masks is not None else None
            cache.append((h, W, b, z, mask))
            h = self.act(z) if hidden else z
            if mask is not None:
                h = self.drop(h, mask)
        return h, cache

    def penalty_grads(self, W, b):
        return self.l2 * W, 0.0

    def backward(self, dscores, cache):
        grads, dz = [], dscores
        for layer in range(len(cache) - 1, -1, -1):
            h, W, b, _, _ = cache[layer]
            more_W, more_b = self.penalty_grads(W, b)
            grads.insert(0, (h.T @ dz + more_W, dz.sum(axis=0) + more_b))
            if layer > 0:
                dz = self.through(dz @ W.T, *cache[layer - 1][3:])
        return grads

    def through(self, dh, z, mask):
        if mask is not None:
            dh = self.drop(dh, mask)
        return dh * self.slope(z)

    def penalty(self):
        return self.l2 / 2 * sum(np.sum(W**2) for W, _ in self.params)

    def loss_and_dscores(self, scores, y):
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        rows = np.arange(len(y))
        dscores = np.exp(log_p)
        dscores[rows, y] -= 1
        return -log_p[rows, y].mean(), dscores / len(y)

    def update(self, grads, lr):
        self.params = [
            (W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(self.params, grads, strict=True)
        ]

    def step(self, x, y, lr, masks=None):
        scores, cache = self.forward(x, masks)
        loss, dscores = self.loss_and_dscores(scores, y)
        loss += self.penalty()
        self.update(self.backward(dscores, cache), lr)
        return loss

    def draw_masks(self, examples):
        return [self.rng.random((examples, n)) >= self.dropout for n in self.layer_sizes[1:-1]]

    def batches(self, examples, batch_size):
        order = self.rng.permutation(examples)
        return [order[start : start + batch_size] for start in range(0, examples, batch_size)]

    def fit(self, x, y, epochs, batch_size, lr):
        history = []
        for _ in range(epochs):
            losses = [
                self.step(x[rows], y[rows], lr, self.draw_masks(len(rows)))
                for rows in self.batches(len(x), batch_size)
            ]
            history.append(np.mean(losses))
        return history

    def predict(self, x):
        return self.forward(x)[0].argmax(axis=1)
