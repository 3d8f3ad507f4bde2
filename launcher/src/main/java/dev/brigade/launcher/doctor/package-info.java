/** What this machine has, what is missing for a node, and how to get it. */
package dev.brigade.launcher.doctor;
