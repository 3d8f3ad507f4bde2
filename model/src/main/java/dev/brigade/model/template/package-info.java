/**
 * Chat templates: the Jinja dialect that Hugging Face models use to turn a conversation into text.
 *
 * <p>A sandboxed interpreter with the semantics of Python's jinja2 as transformers configures it;
 * nothing of a template is ever run as code, and every render is bounded in work and size.
 */
package dev.brigade.model.template;
