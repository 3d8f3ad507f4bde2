/** The contract that every partition strategy has to keep. */
package dev.brigade.testkit.partition;
