package dev.brigade.launcher.model;

import java.nio.file.Path;

/**
 * A model whose files are on this machine.
 *
 * @param id what the cluster calls it: {@code bundled/NAME}, or the folder's name
 * @param folder where its files lie; absolute
 */
public record ModelLocation(String id, Path folder) {}
