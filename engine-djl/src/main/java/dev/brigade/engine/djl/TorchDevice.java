package dev.brigade.engine.djl;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.brigade.model.engine.HostResources;
import java.lang.management.MemoryUsage;
import java.util.Locale;

/**
 * Where tensors live. Apple's MPS is not offered: DJL has it, but its bf16 and fused attention are
 * not known to be right there.
 *
 * @param device as DJL names it
 * @param name as PyTorch spells it
 */
record TorchDevice(Device device, String name) {
  static final TorchDevice CPU = new TorchDevice(Device.cpu(), "cpu");

  /**
   * @param wanted {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @throws IllegalArgumentException if there is no such device
   */
  static TorchDevice parse(String wanted) {
    String text = wanted.toLowerCase(Locale.ROOT);
    if (text.equals("cpu")) {
      return CPU;
    }
    int gpus = Torch.engine().getGpuCount();
    if (text.equals("auto")) {
      return gpus > 0 ? cuda(0) : CPU;
    }
    if (!text.matches("cuda(:\\d{1,3})?")) {
      throw new IllegalArgumentException(
          "device '" + wanted + "': want auto, cpu, cuda or cuda:N with N from 0");
    }
    int number = text.equals("cuda") ? 0 : Integer.parseInt(text.substring(5));
    if (number >= gpus) {
      throw new IllegalArgumentException(
          "device '"
              + wanted
              + "': PyTorch sees "
              + gpus
              + " CUDA devices here; want auto or cpu,"
              + " or set PYTORCH_LIBRARY_PATH to a CUDA build of libtorch");
    }
    return cuda(number);
  }

  private static TorchDevice cuda(int number) {
    return new TorchDevice(Device.gpu(number), "cuda:" + number);
  }

  boolean isCpu() {
    return device.equals(Device.cpu());
  }

  /** Bytes that it can still give. */
  long freeMemory() {
    if (isCpu()) {
      return HostResources.availableMemory();
    }
    MemoryUsage usage = CudaUtils.getGpuMemory(device);
    return usage.getMax() - usage.getCommitted();
  }
}
