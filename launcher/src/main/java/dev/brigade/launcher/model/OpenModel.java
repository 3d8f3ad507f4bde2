package dev.brigade.launcher.model;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.hub.HubModel;
import dev.brigade.model.text.IncrementalText;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.ModelRef;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model whose files are open.
 *
 * @param location where they lie
 * @param files config, decoder, weights; closed with this
 * @param text tokenizer and chat template, if it has them; closed with this
 * @param served what a node needs of it
 */
public record OpenModel(
    ModelLocation location, ModelFiles files, Optional<ModelText> text, ServedModel served)
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
    Optional<ModelText> text = Optional.empty();
    try {
      text = ModelText.open(location.folder());
      Supplier<IncrementalText> increments =
          text.<Supplier<IncrementalText>>map(known -> known::incremental)
              .orElse(IncrementalText::none);
      return new OpenModel(location, files, text, served(location, files, increments));
    } catch (EngineException e) {
      text.ifPresent(ModelText::close);
      files.close();
      throw badModel(e);
    } catch (RequestException e) {
      files.close();
      throw e;
    }
  }

  private static ServedModel served(
      ModelLocation location, ModelFiles files, Supplier<IncrementalText> text)
      throws EngineException.BadModel {
    if (location.hub().isEmpty()) {
      return ServedModel.of(location.id(), files, text);
    }
    HubModel hub = location.hub().get();
    ModelRef ref = new ModelRef(location.id(), hub.fingerprint());
    return ServedModel.of(ref, files, text, HubModels.weights(hub, files.decoder()));
  }

  private static RequestException badModel(EngineException cause) {
    return new RequestException(RequestException.Kind.BAD_MODEL, cause.getMessage(), cause);
  }

  /**
   * Its tokenizer and chat template.
   *
   * @throws RequestException INVALID if it has none
   */
  public ModelText requiredText() throws RequestException {
    return text.isPresent() ? text.get() : ModelText.required(location.folder());
  }

  @Override
  public void close() {
    text.ifPresent(ModelText::close);
    files.close();
  }
}
