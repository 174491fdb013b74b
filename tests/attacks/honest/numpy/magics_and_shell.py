"""Uses magics that a notebook has."""
# %% extra before two_layer_network
%load_ext autoreload
%autoreload 2
# %% extra after two_layer_network
%time sum(range(1000))
%whos
# %% extra after two_layer_network
%%time
total = sum(range(1000))
total
