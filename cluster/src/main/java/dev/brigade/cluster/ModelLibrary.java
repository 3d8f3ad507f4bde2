package dev.brigade.cluster;

import java.util.List;

/** The models that a node has or can fetch. Callable from any thread. */
public interface ModelLibrary {

  /** Ids of what is known to be there; a request may name others, such as a folder. */
  List<String> ids();

  /**
   * Opens a model's config and tokenizer; may block on files and network. The library keeps what it
   * has opened.
   *
   * @throws RequestException of kind MODEL_NOT_FOUND or BAD_MODEL
   */
  ServedModel open(String id) throws RequestException;
}
