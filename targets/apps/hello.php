<?php
ini_set('default_charset', ''); // PHP would add it to the Content-Type
header('Content-Type: text/html');
echo '<h1>Hello, web!</h1>';
