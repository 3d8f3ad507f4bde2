import sys

from openai import OpenAI

client = OpenAI(base_url=sys.argv[1], api_key="none", timeout=60)
assert "bundled/pocket" in [model.id for model in client.models.list()]
stream = client.chat.completions.create(
    model="bundled/pocket",
    messages=[{"role": "user", "content": "What is 5 + 6?"}],
    temperature=0,
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="")
print()
