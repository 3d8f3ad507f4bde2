package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.brigade.spi.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A TorchScript module in native memory; its owner closes it. */
final class ScriptModule implements AutoCloseable {
  private final PtSymbolBlock block;
  private boolean closed;

  private ScriptModule(PtSymbolBlock block) {
    this.block = block;
  }

  /**
   * Compiles an archive.
   *
   * @throws IllegalStateException if PyTorch refuses the text, which would be this engine's mistake
   */
  static ScriptModule load(PtNDManager manager, byte[] archive) {
    try {
      return new ScriptModule(
          JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    } catch (ai.djl.engine.EngineException e) {
      throw new IllegalStateException("PyTorch refuses a generated script: " + e.getMessage(), e);
    }
  }

  /** Runs a method that gives nothing. Arguments: see {@link #value}. */
  void call(String method, Object... arguments) throws EngineException.DeviceFailure {
    invoke(method, arguments).close();
  }

  /** Runs a method that gives a tensor, which the manager then owns. */
  PtNDArray tensor(PtNDManager manager, String method, Object... arguments)
      throws EngineException.DeviceFailure {
    try (IValue result = invoke(method, arguments)) {
      return result.toTensor(manager);
    }
  }

  private IValue invoke(String method, Object... arguments) throws EngineException.DeviceFailure {
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = value(arguments[i]);
      }
      return IValueUtils.runMethod(block, method, values);
    } catch (ai.djl.engine.EngineException e) {
      throw TorchFailure.of(e);
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof PtNDArray tensor) {
      return IValue.from(tensor);
    } else if (argument instanceof PtNDArray[] tensors) {
      return IValue.listFrom(tensors);
    } else if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    } else if (argument instanceof Number number) {
      return IValue.from(number.longValue());
    } else if (argument instanceof String text) {
      return IValue.from(text);
    }
    throw new IllegalArgumentException("no TorchScript value for " + argument.getClass());
  }

  /** Frees the module and all tensors that only it refers to. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      block.close();
    }
  }
}
