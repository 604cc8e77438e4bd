#!/usr/bin/env python
# coding: utf-8

# In[1]:


get_ipython().run_line_magic("matplotlib", "inline")
import numpy as np


# In[2]:


# 0 0 0 1: fires only when both inputs are 1
AND = (0.5, 0.5, -0.75)

# 1 1 1 0: the opposite of AND
NAND = (-0.5, -0.5, 0.75)

# 0 1 1 1: fires when at least one input is 1
OR = (0.5, 0.5, -0.25)

# Going beyond.
# 1 0 0 0: the opposite of OR
NOR = (-0.5, -0.5, 0.25)

# 0 0 1 0: the first input, but not the second
A_NOT_B = (0.5, -0.5, -0.25)


# In[ ]:
