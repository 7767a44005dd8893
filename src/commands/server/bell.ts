// Wakes those who wait for something to change. Whoever wants to miss nothing starts to listen
// before looking: listen, look, and only then wait.

export type Bell = {
  /** Wakes everyone who listens now. */
  ring(): void;
  /** Starts to listen at once; the promise ends at the next ring or with the signal, never throws. */
  listen(signal: AbortSignal): Promise<void>;
};

export function createBell(): Bell {
  const listeners = new Set<() => void>();
  return {
    ring: () => {
      for (const wake of [...listeners]) wake();
    },
    listen: (signal) =>
      new Promise((resolve) => {
        const wake = () => {
          listeners.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        listeners.add(wake);
        signal.addEventListener("abort", wake);
        if (signal.aborted) wake();
      }),
  };
}
