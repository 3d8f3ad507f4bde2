/** What every engine must do, as tests to extend, and a chain of shards to run a model by hand. */
package dev.brigade.testkit.engine;
