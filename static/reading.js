// What is wider than the text can be scrolled with the keyboard in every browser. Without this script some
// browsers let the keyboard scroll it all the same.

const wide = document.querySelectorAll(".e-content pre, .e-content table");

function fit(element) {
  const scrolls = element.scrollWidth > element.clientWidth + 1;
  if (scrolls) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}

if (wide.length) {
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));
  wide.forEach((element) => sizes.observe(element));
}
