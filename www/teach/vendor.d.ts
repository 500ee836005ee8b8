/* Libraries of others, which the build puts beside the rooms (scripts/lib/vendor.mjs). */

declare module '*/vendor/fflate.js' {
  export * from 'fflate';
}
