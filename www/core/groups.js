/*
 * Classes that people ask for together. A network is asked for a group where it knows all of its classes.
 */

/** @type {Readonly<Record<'animal' | 'vehicle', readonly string[]>>} */
export const groups = {
  animal: ['bird', 'cat', 'deer', 'dog', 'frog', 'horse'],
  vehicle: ['airplane', 'automobile', 'ship', 'truck'],
};
