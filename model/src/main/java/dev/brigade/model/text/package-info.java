/**
 * Between a model's ids and people's text: its tokenizer, and how its chat format writes a
 * conversation.
 */
package dev.brigade.model.text;
