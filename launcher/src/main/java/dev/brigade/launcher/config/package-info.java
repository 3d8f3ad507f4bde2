/** The config file: YAML or JSON to records, every key with a default, every mistake named. */
package dev.brigade.launcher.config;
