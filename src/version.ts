// The version of this program, as package.json has it; a test keeps them equal.
export const TAILGUARD_VERSION = "0.1.0";
