# %% [markdown]
# # 과제 1
# %%
Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


# %%
get_ipython().run_line_magic("matplotlib", "inline")


def neuron(x1, x2, w1, w2, b):
    return 1 if x1 * w1 + x2 * w2 + b > 0 else 0


# In[3]:
neuron(1, 1, 1, 1, -1)
