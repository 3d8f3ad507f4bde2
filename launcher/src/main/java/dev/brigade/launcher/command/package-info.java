/** The subcommands of {@code brigade}: options in, exit status out; the work is done elsewhere. */
package dev.brigade.launcher.command;
