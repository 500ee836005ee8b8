// Says so where a browser is too old to read the page's modules. It is read by just those browsers: a classic script, in the
// JavaScript of 2009, with words of its own, for nothing else can be had there. (A browser that reads the modules and lacks
// only SIMD in WebAssembly is told by the engine.)
(function () {
  var said = false;

  function say() {
    var main = document.querySelector('main');
    var progress = document.querySelector('#progress');
    var notice = document.createElement('p');
    if (said || !main) return;
    said = true;
    notice.className = 'notice';
    notice.id = 'too-old';
    notice.setAttribute('role', 'alert');
    notice.lang = (navigator.language || '').slice(0, 2) === 'zh' ? 'zh' : 'en';
    notice.textContent =
      notice.lang === 'zh'
        ? '这个浏览器太旧，无法运行本页：需要 Chrome 91、Firefox 90、Safari 16.4 或更新的版本。'
        : 'This browser is too old for this page: it needs Chrome 91, Firefox 90, Safari 16.4 or newer.';
    main.insertBefore(notice, main.firstChild);
    if (progress) progress.setAttribute('hidden', '');
  }

  if (!('noModule' in HTMLScriptElement.prototype)) say();
  addEventListener('error', function (event) {
    if (event.error instanceof SyntaxError) say();
  });
  addEventListener('unhandledrejection', function (event) {
    if (event.reason instanceof SyntaxError) say();
  });
})();
