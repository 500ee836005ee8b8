/* What embed.html and the page around it say to each other. */

/** From the iframe: the height that it would like to have, in pixels. */
export const HEIGHT = 'glimpse-height';

/** To the iframe: what is its height? */
export const HEIGHT_ASKED = 'glimpse-height-asked';

/** From the iframe, where its address asks for it (`post`): an answer, as the event `result` has it, without the picture. */
export const RESULT = 'glimpse-result';
