const { OpenAI } = require('openai');

async function main() {
  const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', timeout: 60000 });
  const stream = await client.chat.completions.create({
    model: 'bundled/pocket',
    messages: [{ role: 'user', content: 'What is 5 + 6?' }],
    temperature: 0,
    stream: true,
  });
  let text = '';
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
  }
  console.log(text);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
