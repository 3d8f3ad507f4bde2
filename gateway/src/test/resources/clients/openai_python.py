"""Asks a gateway through the official Python client; ends with status 1 at the first surprise."""
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key=sys.argv[2], max_retries=0)
model = "org/echo"
messages = [{"role": "user", "content": [{"type": "text", "text": "hello"}]}]


def equal(found, expected):
    assert found == expected, f"expected {expected!r}, found {found!r}"


equal([m.id for m in client.models.list()], ["org/echo", "plain"])
equal(client.models.retrieve(model).id, model)

answer = client.chat.completions.create(model=model, messages=messages, seed=1)
equal(answer.object, "chat.completion")
equal(answer.choices[0].message.role, "assistant")
equal(answer.choices[0].message.content, "Good day, wörld 🙂")
equal(answer.choices[0].finish_reason, "stop")
equal(answer.usage.completion_tokens, 4)
equal(answer.usage.total_tokens, answer.usage.prompt_tokens + 4)
assert answer.id.startswith("chatcmpl-") and answer.system_fingerprint and answer.created
assert answer._request_id.startswith("req_")

chunks = list(
    client.chat.completions.create(
        model=model, messages=messages, stream=True, stream_options={"include_usage": True}
    )
)
equal(chunks[0].choices[0].delta.role, "assistant")
equal("".join(c.choices[0].delta.content or "" for c in chunks[:-1]), "Good day, wörld 🙂")
equal([c.choices[0].finish_reason for c in chunks[:-1]], [None] * (len(chunks) - 2) + ["stop"])
equal(chunks[-1].choices, [])
equal(chunks[-1].usage.completion_tokens, 4)

with client.chat.completions.stream(model=model, messages=messages) as stream:
    equal(stream.get_final_completion().choices[0].message.content, "Good day, wörld 🙂")

completion = client.completions.create(model=model, prompt=["a", "b"], max_tokens=5)
equal([c.text for c in completion.choices], ["Good day, wörld 🙂"] * 2)
parts = list(client.completions.create(model=model, prompt=[97, 98], stream=True))
equal("".join(p.choices[0].text for p in parts), "Good day, wörld 🙂")
equal(parts[-1].choices[0].finish_reason, "stop")

try:
    client.chat.completions.create(model="no/such", messages=messages)
    sys.exit("an unknown model was answered")
except openai.NotFoundError as error:
    equal((error.code, error.param), ("model_not_found", "model"))
try:
    client.chat.completions.create(model=model, messages=messages, temperature=-1)
    sys.exit("a wrong temperature was accepted")
except openai.BadRequestError as error:
    equal(error.param, "temperature")
try:
    list(client.chat.completions.create(model=model, messages=messages, stop="fail", stream=True))
    sys.exit("an error in mid-stream went unnoticed")
except openai.APIError as error:
    assert "node-b is lost" in error.message, error.message
try:
    openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="wrong", max_retries=0).models.list()
    sys.exit("a wrong key was accepted")
except openai.AuthenticationError as error:
    equal(error.code, "invalid_api_key")
print("all as expected")
