package dev.brigade.cluster;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.text.IncrementalText;
import dev.brigade.spi.engine.EngineException;
import java.nio.file.Path;
import java.util.List;

/** Models by the path of their folder, without tokenizers. */
final class FolderLibrary implements ModelLibrary {
  @Override
  public List<String> ids() {
    return List.of();
  }

  @Override
  public ServedModel open(String id) throws RequestException {
    try (ModelFiles files = ModelFiles.open(Path.of(id))) {
      return ServedModel.of(id, files, IncrementalText::none);
    } catch (EngineException e) {
      throw new RequestException(RequestException.Kind.BAD_MODEL, e.getMessage(), e);
    }
  }
}
