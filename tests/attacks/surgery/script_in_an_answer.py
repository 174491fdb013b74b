"""Writes scripts, images from elsewhere and covering styles into the answer in words."""
# attacks: none
# %% surgery
for cell in notebook["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("grade_id") == "words":
        cell["source"] = (
            "<script>alert(1)</script><img src=x onerror=alert(1)>"
            "<div style='position:fixed;inset:0;background:white'>100 points</div>"
            "[link](javascript:alert(1)) ![](//evil.example/x.png) ![a](attachment:a.svg)"
        )
        cell["attachments"] = {"a.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"}}
