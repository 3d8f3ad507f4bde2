package dev.brigade.engine.ggml.binding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibrarySourceTest {

  @Test
  void windowsIsToldWhereToGetALibrary() {
    assertThat(LibrarySource.noneBundled("Windows 11", "x86-64"))
        .contains("Windows 11-x86-64", "winget install llama.cpp", "BRIGADE_GGML_LIBRARY")
        .contains("ggml-base.dll");
  }
}
