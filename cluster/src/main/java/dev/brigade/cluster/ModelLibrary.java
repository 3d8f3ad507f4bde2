package dev.brigade.cluster;

import dev.brigade.spi.engine.ModelRef;
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

  /**
   * Opens the model of a plan that another member has made. Members are trusted further than
   * clients: this may be one that the node can fetch and that no client of its own has named.
   *
   * @throws RequestException of kind MODEL_NOT_FOUND or BAD_MODEL
   */
  default ServedModel open(ModelRef ref) throws RequestException {
    return open(ref.id());
  }
}
