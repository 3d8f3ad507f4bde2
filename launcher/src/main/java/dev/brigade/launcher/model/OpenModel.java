package dev.brigade.launcher.model;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.generation.IncrementalText;
import dev.brigade.model.ModelFiles;
import dev.brigade.spi.engine.EngineException;

/**
 * A model whose files are open.
 *
 * @param location where they lie
 * @param files config, decoder, weights; closed with this
 * @param served what a node needs of it
 */
public record OpenModel(ModelLocation location, ModelFiles files, ServedModel served)
    implements AutoCloseable {

  /**
   * Opens a model.
   *
   * @throws RequestException BAD_MODEL if a file makes no sense
   */
  static OpenModel open(ModelLocation location) throws RequestException {
    ModelFiles files;
    try {
      files = ModelFiles.open(location.folder());
    } catch (EngineException e) {
      throw badModel(e);
    }
    try {
      ServedModel served = ServedModel.of(location.id(), files, IncrementalText::none);
      return new OpenModel(location, files, served);
    } catch (EngineException e) {
      files.close();
      throw badModel(e);
    }
  }

  private static RequestException badModel(EngineException cause) {
    return new RequestException(RequestException.Kind.BAD_MODEL, cause.getMessage(), cause);
  }

  @Override
  public void close() {
    files.close();
  }
}
