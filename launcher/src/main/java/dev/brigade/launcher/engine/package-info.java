/** Which engine {@code auto} means on this machine: by what can run, and a short measurement. */
package dev.brigade.launcher.engine;
