"""Sets seeds, thread counts and prints tensors."""
# %% extra after MLP
import torch

torch.manual_seed(0)
torch.set_num_threads(1)
torch.set_printoptions(precision=2)
print(torch.randn(2, 2))
torch.randn(3, 3)
