package dev.brigade.launcher.model;

import dev.brigade.model.hub.HubModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model whose config and tokenizer are on this machine.
 *
 * @param id what the cluster calls it: {@code bundled/NAME}, the folder's name, or {@code ORG/NAME}
 *     of a hub
 * @param folder where its files lie; absolute
 * @param hub where its weights come from; empty if all its files are in the folder
 */
public record ModelLocation(String id, Path folder, Optional<HubModel> hub) {

  /** A model that is all here. */
  public static ModelLocation here(String id, Path folder) {
    return new ModelLocation(id, folder, Optional.empty());
  }
}
