/** The part of the Web Storage that is used. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The tab's session; in memory where the browser refuses storage: even to name it may throw, and to write when full. */
export function sessionStore(of: () => Store = () => sessionStorage): Store {
  try {
    const store = of();
    store.setItem('voucher-claim', '');
    return store;
  } catch {
    const inMemory = new Map<string, string>();
    return {
      getItem: (name) => inMemory.get(name) ?? null,
      setItem: (name, value) => void inMemory.set(name, value),
      removeItem: (name) => void inMemory.delete(name),
    };
  }
}
