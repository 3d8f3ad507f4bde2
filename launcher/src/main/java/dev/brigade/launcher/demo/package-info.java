/** The first thing a newcomer sees: three nodes on one machine answer a question together. */
package dev.brigade.launcher.demo;
