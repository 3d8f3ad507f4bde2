package dev.brigade.model.weights;

/** A tensor of a checkpoint and the file that holds it. */
record StoredTensor(SafetensorsHeader.Entry entry, MappedFile file) {

  /** Its bytes in the file. */
  TensorBytes bytes() {
    return TensorBytes.of(file, entry.begin());
  }
}
