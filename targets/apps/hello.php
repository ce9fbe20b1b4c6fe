<?php
header('Content-Type: text/html');
echo '<h1>Hello, web!</h1>';
