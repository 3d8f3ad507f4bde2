package dev.brigade.gateway.openai;

/** How many tokens a request took, as OpenAI counts. */
record Tokens(int promptTokens, int completionTokens, int totalTokens) {
  static Tokens of(int prompt, int completion) {
    return new Tokens(prompt, completion, prompt + completion);
  }
}
