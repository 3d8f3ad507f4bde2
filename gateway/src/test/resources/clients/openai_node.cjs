// Asks a gateway through the official Node client; ends with status 1 at the first surprise.
const assert = require("node:assert/strict");
const OpenAI = require("openai");

const [baseURL, apiKey] = [process.argv[2] + "/v1", process.argv[3]];
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const model = "org/echo";
const messages = [{ role: "user", content: "hello" }];
const text = "Good day, wörld 🙂";

async function main() {
  const ids = [];
  for await (const found of client.models.list()) ids.push(found.id);
  assert.deepEqual(ids, ["org/echo", "plain"]);
  assert.equal((await client.models.retrieve(model)).id, model);

  const answer = await client.chat.completions.create({ model, messages, seed: 1 });
  assert.equal(answer.object, "chat.completion");
  assert.equal(answer.choices[0].message.content, text);
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.equal(answer.usage.completion_tokens, 4);

  const chunks = [];
  const stream_options = { include_usage: true };
  const stream = await client.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options,
  });
  for await (const chunk of stream) chunks.push(chunk);
  const last = chunks.pop();
  assert.equal(chunks[0].choices[0].delta.role, "assistant");
  assert.equal(chunks.map((c) => c.choices[0].delta.content ?? "").join(""), text);
  assert.equal(chunks[chunks.length - 1].choices[0].finish_reason, "stop");
  assert.deepEqual(last.choices, []);
  assert.equal(last.usage.completion_tokens, 4);

  const helper = client.chat.completions.stream({ model, messages });
  assert.equal(await helper.finalContent(), text);

  const completion = await client.completions.create({ model, prompt: ["a", "b"] });
  assert.deepEqual(
    completion.choices.map((c) => c.text),
    [text, text],
  );

  await assert.rejects(
    client.chat.completions.create({ model: "no/such", messages }),
    (error) => error instanceof OpenAI.NotFoundError && error.code === "model_not_found",
  );
  await assert.rejects(
    client.chat.completions.create({ model, messages, temperature: -1 }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === "temperature",
  );
  await assert.rejects(async () => {
    const failing = await client.chat.completions.create({
      model,
      messages,
      stop: "fail",
      stream: true,
    });
    for await (const chunk of failing) assert.ok(chunk.choices);
  }, /node-b is lost/);
  await assert.rejects(
    new OpenAI({ baseURL, apiKey: "wrong", maxRetries: 0 }).models.list(),
    OpenAI.AuthenticationError,
  );
  console.log("all as expected");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
